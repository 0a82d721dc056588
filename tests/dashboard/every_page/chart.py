# Revenue by region, as a chart and in words
import matplotlib.pyplot as plt
import pandas as pd

sales = pd.read_csv("sales.csv", parse_dates=["month"])
revenue = sales.pivot(index="month", columns="region", values="revenue_eur") / 1000

fig, ax = plt.subplots(figsize=(8, 4), layout="constrained")
for region, color in zip(revenue, ["#1f5793", "#b3661b", "#17694a"]):
    ax.plot(revenue.index, revenue[region], color=color, linewidth=2.2, label=region)
ax.set_title("Revenue by region, thousands of EUR", loc="left")
ax.set_ylim(bottom=0)
ax.spines[["top", "right"]].set_visible(False)
ax.grid(axis="y", alpha=0.25)
ax.legend(frameon=False, ncols=3, loc="lower right")
fig.savefig("revenue.png", dpi=120)
plt.close(fig)

with open("summary.md", "w") as file:
    file.write("# Fifteen months\n\nThe **West** nearly doubled; see `revenue.png`.\n")
print("saved revenue.png and summary.md")
