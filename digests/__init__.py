"""What is said unasked, and when. (Nothing is said unasked yet: schedules come with digests.)"""
