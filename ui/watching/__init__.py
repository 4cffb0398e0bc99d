"""What is to be seen of a running server from outside: figures and logs."""
