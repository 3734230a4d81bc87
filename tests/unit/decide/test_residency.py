import pytest

from joch.decide.route.residency import AWS, AZURE, GOOGLE_CLOUD, JURISDICTIONS, WHOLE, jurisdiction

PLACES = {
    "Frankfurt is in the EU": ("eu-central-1", "EU"),
    "Zürich of AWS is in Switzerland": ("eu-central-2", "CH"),
    "London of AWS is in the UK": ("eu-west-2", "UK"),
    "the European Sovereign Cloud is in the EU": ("eusc-de-east-1", "EU"),
    "GovCloud is in the US": ("us-gov-west-1", "US"),
    "Osaka of AWS is in Japan": ("ap-northeast-3", "JP"),
    "Seoul of AWS is in Korea": ("ap-northeast-2", "KR"),
    "São Paulo is in Brazil": ("sa-east-1", "BR"),
    "the Netherlands of Azure are in the EU": ("westeurope", "EU"),
    "Ireland of Azure is in the EU": ("northeurope", "EU"),
    "uksouth is in the UK": ("uksouth", "UK"),
    "switzerlandnorth is in Switzerland": ("switzerlandnorth", "CH"),
    "Norway is in the EEA and not in the EU": ("norwayeast", "NO"),
    "southeastasia is in Singapore": ("southeastasia", "SG"),
    "London of Google Cloud is in the UK": ("europe-west2", "UK"),
    "Zürich of Google Cloud is in Switzerland": ("europe-west6", "CH"),
    "Warsaw is in the EU": ("europe-central2", "EU"),
    "Montréal is in Canada": ("northamerica-northeast1", "CA"),
    "the multi-region eu is in the EU": ("eu", "EU"),
    "the multi-region us is in the US": ("us", "US"),
    "upper case is the same region": ("EU-Central-1", "EU"),
    "global is in no jurisdiction": ("global", None),
    "apac is in no jurisdiction": ("apac", None),
    "the continent europe is in no jurisdiction": ("europe", None),
    "a region that nobody knows is in no jurisdiction": ("eu-atlantis-1", None),
    "nothing is in no jurisdiction": ("", None),
}
OUTSIDE_THE_UNION = ("eu-west-2", "eu-central-2", "europe-west2", "europe-west6")


@pytest.mark.parametrize("sentence", PLACES)
def test_a_region_lies_where_its_vendor_says(sentence: str) -> None:
    region, place = PLACES[sentence]

    assert jurisdiction(region) == place


@pytest.mark.parametrize("prefix", ["eu-", "europe-"])
def test_the_only_european_names_outside_the_union_are_london_and_zurich(prefix: str) -> None:
    outside = {
        region
        for region, place in JURISDICTIONS.items()
        if region.startswith(prefix) and place != "EU"
    }

    assert outside == {region for region in OUTSIDE_THE_UNION if region.startswith(prefix)}


def test_every_jurisdiction_that_a_route_may_ask_for_has_regions() -> None:
    asked = {"EU", "US", "UK", "CH", "CA", "JP", "AU", "IN", "BR", "KR", "SG"}

    assert asked <= set(JURISDICTIONS.values())


def test_no_name_stands_in_the_table_twice() -> None:
    names = [
        region
        for table in (AWS, AZURE, GOOGLE_CLOUD, WHOLE)
        for regions in table.values()
        for region in regions.split()
    ]

    assert sorted(names) == sorted(JURISDICTIONS)
