"""What is measured against Keras and PyTorch, as commands: `make bench`, or one part alone."""
