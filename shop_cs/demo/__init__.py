"""A believable demo: shops, people, orders and service requests in every state, made through the actions.

Like the commands it belongs to the roof: it may use both the floor and the apps, and only commands use it.
"""
