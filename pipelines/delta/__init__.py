"""What an earlier run lets a job skip, and why that is safe."""
