"""A tiny OpenFisca country: the contribution of construction services on a contract value.

Written for the benchmark alone. One entity (a contract), one input, the two marginal scales, their sum.
"""

from pathlib import Path

from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Contract = build_entity(key="contract", plural="contracts", label="A contract", is_person=True)


class net_value(Variable):
    value_type = float
    entity = Contract
    definition_period = DateUnit.DAY
    label = "Contract value without value-added tax"


class contribution(Variable):
    value_type = float
    entity = Contract
    definition_period = DateUnit.DAY
    label = "Work-accident and death contribution on the contract value"

    def formula(contracts, period, parameters):
        scales = parameters(period).jakon
        value = contracts("net_value", period)
        return scales.jkk.calc(value) + scales.jkm.calc(value)


class CountryTaxBenefitSystem(TaxBenefitSystem):
    def __init__(self):
        super().__init__([Contract])
        self.add_variables(net_value, contribution)
        self.load_parameters(str(Path(__file__).parent / "parameters"))
