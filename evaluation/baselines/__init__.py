"""What clusters are compared with: well-known ways to group and to line up a collection."""
