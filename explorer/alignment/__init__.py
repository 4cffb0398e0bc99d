"""How the images of a cluster are moved so that what they share lies in one place."""
