"""Help to answer: quick phrases, playbooks as guided steps, what past requests were answered with."""
