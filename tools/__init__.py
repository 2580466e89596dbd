"""What builds and checks this repository; none of it is published."""
