"""From the services' read models to the handler's rows.  (Being written by the lead.)"""
