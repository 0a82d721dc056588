# Which region sold the most?
import pandas as pd

sales = pd.read_csv("sales.csv", parse_dates=["month"])
by_region = sales.groupby("region")["revenue"].sum()
best = by_region.idxmax()

print(f"Best region: {best} with {by_region[best]:,.0f} EUR")
by_region.sort_values(ascending=False).to_frame()
