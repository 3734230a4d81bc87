"""In whose jurisdiction a vendor's region lies: the one table of regions.

Jurisdictions are ISO 3166-1 country codes, with two exceptions: UK as the API writes it, and EU for
the member states of the European Union. EU means member states only: Norway (EEA) is NO and
Switzerland CH, because an organisation that writes EU may not rely on what the EEA shares with it.

Sources, as of November 2026, by each region's stated location: AWS "Regions and Availability Zones"
(with GovCloud, China and the European Sovereign Cloud), Azure "List of Azure regions" (with
Azure Government and 21Vianet), Google Cloud "Regions and zones", and the vendors' own residency
names (Anthropic and Google `global`, OpenAI `us`, `eu` and countries, Bedrock's geographies).

A region that a vendor opened later is in no jurisdiction until it is added here: unknown is not
yes. `global` and geographies of several jurisdictions (`apac`) are left out on purpose, and so is
`europe`: to the vendors it is a continent, with London and Zürich in it. `eu-isoe-west-1` is left
out because its place is not published.

The names are those of AWS, Azure and Google Cloud and of nobody else: Alibaba Cloud's `eu-west-1`
is London. Where another vendor's name means another place, state the plain code (`uk`) instead.
"""

from collections.abc import Mapping
from types import MappingProxyType

AWS = {
    "EU": ("eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-3 eusc-de-east-1"),
    "UK": "eu-west-2",
    "CH": "eu-central-2",
    "US": (
        "us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1 us-iso-east-1 "
        "us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1"
    ),
    "CA": "ca-central-1 ca-west-1",
    "MX": "mx-central-1",
    "BR": "sa-east-1",
    "CL": "sa-west-1",
    "JP": "ap-northeast-1 ap-northeast-3",
    "KR": "ap-northeast-2",
    "SG": "ap-southeast-1",
    "AU": "ap-southeast-2 ap-southeast-4",
    "ID": "ap-southeast-3",
    "MY": "ap-southeast-5",
    "NZ": "ap-southeast-6",
    "TH": "ap-southeast-7",
    "HK": "ap-east-1",
    "TW": "ap-east-2",
    "IN": "ap-south-1 ap-south-2",
    "CN": "cn-north-1 cn-northwest-1",
    "ZA": "af-south-1",
    "IL": "il-central-1",
    "BH": "me-south-1",
    "AE": "me-central-1",
    "SA": "me-west-1",
}
AZURE = {
    "EU": (
        "austriaeast belgiumcentral denmarkeast francecentral francesouth germanynorth "
        "germanywestcentral italynorth northeurope polandcentral spaincentral swedencentral "
        "swedensouth westeurope"
    ),
    "UK": "uksouth ukwest",
    "CH": "switzerlandnorth switzerlandwest",
    "NO": "norwayeast norwaywest",
    "US": (
        "centralus eastus eastus2 northcentralus southcentralus westcentralus westus westus2 "
        "westus3 usdodcentral usdodeast usgovarizona usgoviowa usgovtexas usgovvirginia"
    ),
    "CA": "canadacentral canadaeast",
    "MX": "mexicocentral",
    "BR": "brazilsouth brazilsoutheast",
    "CL": "chilecentral",
    "JP": "japaneast japanwest",
    "KR": "koreacentral koreasouth",
    "SG": "southeastasia",
    "HK": "eastasia",
    "AU": "australiacentral australiacentral2 australiaeast australiasoutheast",
    "NZ": "newzealandnorth",
    "ID": "indonesiacentral",
    "MY": "malaysiawest",
    "TW": "taiwannorth taiwannorthwest",
    "IN": "centralindia jioindiacentral jioindiawest southindia westindia",
    "CN": "chinaeast chinaeast2 chinaeast3 chinanorth chinanorth2 chinanorth3",
    "ZA": "southafricanorth southafricawest",
    "IL": "israelcentral",
    "AE": "uaecentral uaenorth",
    "QA": "qatarcentral",
}
GOOGLE_CLOUD = {
    "EU": (
        "europe-central2 europe-north1 europe-north2 europe-southwest1 europe-west1 europe-west3 "
        "europe-west4 europe-west8 europe-west9 europe-west10 europe-west12"
    ),
    "UK": "europe-west2",
    "CH": "europe-west6",
    "US": "us-central1 us-east1 us-east4 us-east5 us-south1 us-west1 us-west2 us-west3 us-west4",
    "CA": "northamerica-northeast1 northamerica-northeast2",
    "MX": "northamerica-south1",
    "BR": "southamerica-east1",
    "CL": "southamerica-west1",
    "JP": "asia-northeast1 asia-northeast2",
    "KR": "asia-northeast3",
    "SG": "asia-southeast1",
    "ID": "asia-southeast2",
    "TH": "asia-southeast3",
    "TW": "asia-east1",
    "HK": "asia-east2",
    "AU": "australia-southeast1 australia-southeast2",
    "IN": "asia-south1 asia-south2",
    "ZA": "africa-south1",
    "IL": "me-west1",
    "QA": "me-central1",
    "SA": "me-central2",
}
WHOLE = {
    "EU": "eu",
    "US": "us",
    "UK": "uk gb",
    "CH": "ch",
    "CA": "ca",
    "JP": "jp",
    "AU": "au",
    "IN": "in",
    "BR": "br",
    "KR": "kr",
    "SG": "sg",
}


def _by_region(*tables: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(
        {
            region: jurisdiction
            for table in tables
            for jurisdiction, regions in table.items()
            for region in regions.split()
        }
    )


JURISDICTIONS: Mapping[str, str] = _by_region(AWS, AZURE, GOOGLE_CLOUD, WHOLE)
"""Jurisdiction by region, of all tables; no name stands in two of them."""


def jurisdiction(region: str) -> str | None:
    """The jurisdiction that a region lies in; None for one that the table does not know.

    Case does not matter: `EU` and `eu` are the same region.
    """
    return JURISDICTIONS.get(region.lower())
