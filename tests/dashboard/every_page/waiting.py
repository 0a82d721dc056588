# Drop the orders that can't be right
import pandas as pd

sales = pd.read_csv("sales.csv")
outliers = sales[sales["orders"] > sales["orders"].quantile(0.99)]
sales.drop(outliers.index).to_csv("sales.csv", index=False)
print(f"removed {len(outliers)} outliers")
