"""Touch the program: nothing outside this folder knows how its parts are called and joined."""
