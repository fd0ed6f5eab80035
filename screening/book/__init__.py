"""The screening of a whole book in memory: frames and a policy in, tables out. `screen.screen` tells the story."""
