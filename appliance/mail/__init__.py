"""Mail that Pont sends: in the reader's language, kept on disk, tried until it is taken or given up."""
