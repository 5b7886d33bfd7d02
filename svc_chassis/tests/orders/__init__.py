"""The smallest service on the chassis: it takes orders, and hears of goods and prices."""
