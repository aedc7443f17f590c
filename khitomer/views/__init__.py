"""What answers a request: get the object for this viewer, bind a form, call one action, render or redirect."""
