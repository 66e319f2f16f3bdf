"""What the explorer shows, as code: the lines a planner could have typed, which the explorer itself runs."""

from dataclasses import dataclass

from ..data.codebook import entry
from ..data.regions import region_name

VIEWS = {
    "tren": "Tren",
    "bersama": "Satu grafik",
    "posisi": "Posisi",
    "peta_panas": "Peta panas",
    "tabel": "Tabel",
}
HEAD = """import matplotlib.pyplot as plt
import pkp_analysis as pkp
"""


@dataclass(frozen=True)
class Choice:
    """What the planner asked for. `target` in percent, None for none; `effort` a year in `unit` ("pp" or
    "households").
    """

    regions: tuple[str, ...]  # codes; the first one is the region looked at
    indicator: str  # the one the target and the scenario belong to
    others: tuple[str, ...] = ()  # further indicators shown below it
    report_year: int = 2024
    years: tuple[int, int] = (2015, 2030)
    view: str = "tren"
    target: float | None = None
    target_year: int = 2030
    own_target: bool = False  # typed by the planner, so not among the targets a trend shows anyway
    effort: float = 0.0
    unit: str = "pp"
    budget: float = 0.0


def code(choice: Choice) -> str:
    """The lines that draw the choice, one indicator below the other; without HEAD."""
    return "\n\n".join(WAYS[choice.view](choice, each) for each in (choice.indicator, *choice.others)) + "\n"


def trends(choice: Choice, indicator: str) -> str:
    (first, last), extra = choice.years, ""
    if indicator == choice.indicator and choice.own_target:
        extra += f'\n    ax.axhline({choice.target:g}, ls=":", color="black")'
    if indicator == choice.indicator and choice.effort:
        effort = "extra_pp_per_year" if choice.unit == "pp" else "households_per_year"
        extra += f'\n    upaya = wilayah.scenario("{indicator}", {effort}={choice.effort:g})'
        extra += f"\n    pkp.charts.scenario(upaya[upaya.year <= {last}], ax=ax)"
    return f"""for nama in {[region_name(region, full=True) for region in choice.regions]}:
    wilayah = pkp.load(nama, {choice.report_year})
    titik = wilayah.points("{indicator}")
    proyeksi = wilayah.projection("{indicator}", level=True)
    sasaran = wilayah.goals("{indicator}")
    fig, ax = plt.subplots()
    pkp.charts.trend(titik, proyeksi, sasaran, ax=ax){extra}
    ax.set_xlim({first - 0.5}, {last + 0.5})
    pkp.show(fig, title=f"{title(indicator)} di {{nama}}", table=titik[["year", "value"]])"""


def values(choice: Choice, indicator: str) -> str:
    """The line that gives the values of the regions and years chosen."""
    first, last = choice.years
    return f"""nilai = pkp.tidy("{indicator}", province=None)
nilai = nilai[nilai.region_code.isin({list(choice.regions)}) & nilai.year.between({first}, {last})]"""


def together(choice: Choice, indicator: str) -> str:
    return f"""import seaborn as sns

{values(choice, indicator)}
fig, ax = plt.subplots()
sns.lineplot(nilai, x="year", y="value", hue="region", marker="o", ax=ax)
ax.set(xlabel=None, ylabel=nilai.unit.iloc[0])
ax.xaxis.get_major_locator().set_params(integer=True)
ax.legend(title=None, loc="upper left", bbox_to_anchor=(1, 1), fontsize=8)
pkp.show(fig, title="{title(indicator)}", table=nilai[["region", "year", "value"]])"""


def positions(choice: Choice, indicator: str) -> str:
    heading = f"{title(indicator)} di kabupaten dan kota, {choice.report_year}"
    return f"""wilayah = pkp.load("{region_name(choice.regions[0], full=True)}", {choice.report_year})
posisi = wilayah.position("{indicator}")
ax = pkp.charts.position(posisi, highlight="{choice.regions[0]}")
pkp.show(ax, title="{heading}", table=posisi[["region", "value", "rank"]])"""


def heat(choice: Choice, indicator: str) -> str:
    return f"""{values(choice, indicator)}
ax = pkp.charts.heatmap(nilai)
pkp.show(ax, title="{title(indicator)}", table=nilai[["region", "year", "value"]])"""


def table(choice: Choice, indicator: str) -> str:
    return f"""{values(choice, indicator)}
tabel = nilai.pivot_table(index="region", columns="year", values="value", sort=False)
pkp.show(tabel, title="{title(indicator)}", source=nilai.unit.iloc[0])"""


def title(indicator: str) -> str:
    name = entry(indicator)["short_name"]
    return name[:1].upper() + name[1:]


WAYS = {"tren": trends, "bersama": together, "posisi": positions, "peta_panas": heat, "tabel": table}
