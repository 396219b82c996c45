"""Links two tables with Splink on DuckDB, as its documentation advises, and writes the pairs and the assignment.

    python splink_link.py persons|works usual|fastest LEFT RIGHT OUT

usual    comparison library with its advised levels and term frequencies, u by random sampling, m by
         expectation maximisation over two blocks (docs/demos: deduplicate 50k, febrl4).
fastest  exact levels only, no term frequencies, strict equi-join blocks, nothing retained.

The whole process is what is timed: start, read, normalise, train, predict, assign (its own single best links), write.
"""

import sys
import warnings

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

warnings.filterwarnings("ignore")


def read(connection, path, name, sql):
    connection.execute(f"create table {name} as select {sql} from read_csv('{path}', all_varchar=true, header=true)")
    return name


PERSON = """
    regexp_replace(lower(trim(name)), '[^a-z ]', '', 'g') as full_name,
    split_part(regexp_replace(lower(trim(name)), '[^a-z ]', '', 'g'), ' ', 1) as first_name,
    nullif(regexp_extract(regexp_replace(lower(trim(name)), '[^a-z ]', '', 'g'), '([a-z]+)$', 1), '') as surname,
    case when regexp_full_match(replace(nik, '''', ''), '[0-9]{15,16}') then replace(nik, '''', '') end as nik,
    nullif(birth_date, '') as dob, nullif(sex, '') as sex, nullif(birth_place, '') as birth_place,
    nullif(lower(address), '') as address, nullif(phone, '') as phone
"""

WORKS = """
    trim(regexp_replace(regexp_replace(regexp_replace(lower(name), '[^a-z0-9 ]', ' ', 'g'),
        '\\b(jl|jln)\\b', 'jalan', 'g'), ' +', ' ', 'g')) as name,
    nullif(regexp_replace(lower(contract_number), '[^a-z0-9]', '', 'g'), '') as number,
    try_cast(value as bigint) as value, cast(try_cast(value as bigint) as varchar) as value_text,
    nullif(trim(regexp_replace(lower(firm), '^(cv|pt)[. ]+', '')), '') as firm,
    nullif(npwp, '') as npwp, nullif(order_date, '') as order_date, nullif(lower(agency), '') as agency,
    substr(lower(regexp_extract(name, '([A-Za-z]+)$', 1)), 1, 6) as last_word
"""


def persons(fastest):
    if fastest:
        comparisons = [cl.ExactMatch(c) for c in ["first_name", "surname", "dob", "nik", "sex", "birth_place", "address"]]
        rules = [block_on("nik"), block_on("dob", "first_name"), block_on("dob", "surname"), block_on("full_name", "sex")]
    else:
        comparisons = [
            cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True, invalid_dates_as_null=True),
            cl.DamerauLevenshteinAtThresholds("nik", [1, 2]),
            cl.ExactMatch("sex"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address", [0.92, 0.85]),
        ]
        rules = [
            block_on("nik"),
            block_on("dob", "first_name"),
            block_on("dob", "surname"),
            block_on("full_name"),
            block_on("phone"),
            block_on("address", "first_name"),
            block_on("substr(nik,1,12)", "sex"),
            block_on("first_name", "surname", "birth_place"),
        ]
    return comparisons, rules, [block_on("nik"), block_on("full_name", "dob")], [block_on("dob"), block_on("full_name")]


def works(fastest):
    if fastest:
        comparisons = [cl.ExactMatch(c) for c in ["name", "number", "value_text", "firm", "npwp", "order_date", "agency"]]
        rules = [block_on("number"), block_on("name"), block_on("value_text", "firm"), block_on("firm", "order_date")]
    else:
        comparisons = [
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("number", [1]),
            cl.CustomComparison(
                output_column_name="value",
                comparison_levels=[
                    {"sql_condition": "value_l is null or value_r is null", "label_for_charts": "null", "is_null_level": True},
                    {"sql_condition": "abs(value_l - value_r) <= 1", "label_for_charts": "same"},
                    {"sql_condition": "abs(value_l - value_r * 1.11) <= 3", "label_for_charts": "without tax"},
                    {"sql_condition": "abs(value_l - value_r) <= 0.005 * greatest(value_l, value_r)", "label_for_charts": "rounded"},
                    {"sql_condition": "abs(value_l - value_r) <= 0.06 * greatest(value_l, value_r)", "label_for_charts": "near"},
                    {"sql_condition": "else", "label_for_charts": "else"},
                ],
            ),
            cl.NameComparison("firm").configure(term_frequency_adjustments=True),
            cl.ExactMatch("npwp").configure(term_frequency_adjustments=True),
            cl.AbsoluteTimeDifferenceAtThresholds(
                "order_date", input_is_string=True, metrics=["day", "day"], thresholds=[7, 31]
            ),
            cl.ExactMatch("agency").configure(term_frequency_adjustments=True),
        ]
        rules = [
            block_on("number"),
            block_on("name"),
            block_on("value_text"),
            block_on("firm", "order_date"),
            block_on("npwp", "order_date"),
            block_on("firm", "last_word"),
            block_on("npwp", "agency"),
            block_on("firm", "agency"),
        ]
    return comparisons, rules, [block_on("number", "firm"), block_on("name", "value_text")], [block_on("number"), block_on("name")]


def main():
    kind, settings, left, right, out = sys.argv[1:6]
    fastest = settings == "fastest"
    connection = duckdb.connect()
    ids = {"persons": ("member", "row"), "works": ("project", "registration")}[kind]
    columns = {"persons": PERSON, "works": WORKS}[kind]
    read(connection, left, "left_table", f'"{ids[0]}" as unique_id, {columns}')
    read(connection, right, "right_table", f'"{ids[1]}" as unique_id, {columns}')
    comparisons, rules, certain, blocks = {"persons": persons, "works": works}[kind](fastest)
    creator = SettingsCreator(
        link_type="link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    api = DuckDBAPI(connection=connection)
    tables = [api.register(name, dataset_display_name=shown) for name, shown in [("left_table", "l"), ("right_table", "r")]]
    linker = Linker(tables, creator, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for block in blocks:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block, estimate_without_term_frequencies=True
        )
    pairs = linker.inference.predict(threshold_match_probability=0.9 if fastest else 0.2)
    connection.execute(
        f"copy (select unique_id_l as left_id, unique_id_r as right_id, match_weight as weight "
        f"from {pairs.physical_name}) to '{out}' (header)"
    )
    # A project may have several registrations; everything else stands once on either side.
    once = {"persons": ["l", "r"], "works": ["l"]}[kind]
    assigned = linker.clustering.cluster_using_single_best_links(
        pairs, duplicate_free_datasets=once, threshold_match_probability=0.9
    )
    connection.execute(f"copy (select cluster_id, source_dataset, unique_id from {assigned.physical_name}) to '{out}.assigned' (header)")


if __name__ == "__main__":
    main()
