"""Service quality: which source a robot's answer comes from, response rates, weekly exams. [1], [3]"""
