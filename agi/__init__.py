"""Everything that runs because of a call: the FastAGI server and its scripts."""
