import numpy as np
import pandas as pd

rng = np.random.default_rng(7)
months = pd.date_range("2025-01-31", periods=15, freq="ME")
sales = pd.DataFrame({
    "month": np.tile(months, 3),
    "region": np.repeat(["North", "South", "West"], len(months)),
    "orders": rng.integers(180, 420, 45),
})
sales["revenue_eur"] = (sales["orders"] * rng.normal(61, 6, 45)).round(2)
sales.to_csv("sales.csv", index=False)

print(f"{len(sales)} rows, {sales.revenue_eur.sum():,.0f} EUR")
sales.groupby("region")["revenue_eur"].describe().round(0)
