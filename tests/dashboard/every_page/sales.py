# Orders and revenue of 15 months, by region
import numpy as np
import pandas as pd

rng = np.random.default_rng(7)
months = pd.date_range("2025-01-31", periods=15, freq="ME")
growth = np.concatenate([np.linspace(1, end, len(months)) for end in (1.25, 1.05, 1.9)])
sales = pd.DataFrame({
    "month": np.tile(months, 3),
    "region": np.repeat(["North", "South", "West"], len(months)),
    "orders": (growth * rng.normal([320] * 15 + [410] * 15 + [210] * 15, 14)).astype(int),
})
sales["revenue_eur"] = (sales["orders"] * rng.normal(61, 1.5, 45)).round(2)
sales.to_csv("sales.csv", index=False)

print(f"{len(sales)} rows, {sales.revenue_eur.sum():,.0f} EUR")
sales.groupby("region")["revenue_eur"].describe().round(0)
