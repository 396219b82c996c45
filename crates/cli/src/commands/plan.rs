//! `payung plan`: cover for vulnerable workers out of a budget.

use super::{Done, print_json, print_lines, refuse};
use crate::options::{Cli, PlanArgs};
use app::home::Home;
use app::legal::plan::{self, BUDGET_MAX, Plan, Wish};
use app::legal::{declined, parts_form};
use app::words::{count_text, rupiah_text, typed_amount};
use app::{Fault, Refused};
use kernel::money::Rounding;
use kernel::{Date, Exact, Rupiah};
use phrases::{say_named, say_with};

pub(crate) fn run(cli: &Cli, args: &PlanArgs) -> Result<Done, Fault> {
    let law = match Home::open_if_there(&cli.home_path()).law(cli.language()) {
        Ok(law) => law,
        Err(refused) => return Ok(refuse(&refused)),
    };
    let wish = match wish(cli, args) {
        Ok(wish) => wish,
        Err(refused) => return Ok(refuse(&refused)),
    };
    match plan::plan(&wish, &law)? {
        Err(reason) => return Ok(refuse(&declined(&reason, &law, cli.language()))),
        Ok(plan) if args.json => print_json(&serde_json::to_value(&plan).map_err(|e| Fault(e.to_string()))?)?,
        Ok(plan) => print_lines(&lines(cli, &plan))?,
    }
    Ok(Done::Well)
}

fn wish(cli: &Cli, args: &PlanArgs) -> Result<Wish, Refused> {
    let l = cli.language();
    let from: Date = format!("{}-01", args.from).parse().map_err(|_| parts_form(&args.from, "2027-01", l))?;
    let amount = |text: &String| typed_amount(text, l);
    let budget = args.budget.as_ref().map(amount).transpose()?;
    let whole = |amount: Exact| {
        let whole = amount.round(Rounding::Down).map(|r| r.0);
        whole.filter(|v| (0..=BUDGET_MAX).contains(v)).ok_or_else(|| Refused(say_named(l, "plan-too-much", &[])))
    };
    Ok(Wish {
        from,
        months: args.months,
        budget: budget.map(whole).transpose()?,
        people: args.people,
        income: args.income.as_ref().map(amount).transpose()?,
        payer: args.payer.into(),
        sector: args.sector.into(),
    })
}

fn lines(cli: &Cli, plan: &Plan) -> Vec<String> {
    let l = cli.language();
    let rp = |v: i64| format!("Rp{}", rupiah_text(Rupiah(v), l));
    let say = |key: &str, arguments: &[(&str, String)]| say_with(l, key, arguments);
    let mut out = Vec::new();
    for c in &plan.choices {
        let mut line = say("plan-cli", &[("months", c.months.to_string()), ("each", rp(c.each))]);
        if let (Some(people), Some(left)) = (c.people, c.left) {
            line += &say("plan-cli-people", &[("people", count_text(people, l)), ("left", rp(left))]);
        }
        if let Some(cost) = c.cost {
            line += &say("plan-cli-cost", &[("cost", rp(cost))]);
        }
        out.push(line);
    }
    out.extend(plan.longest.map(|months| say("plan-longest", &[("months", months.to_string())])));
    if plan.longest_sure != plan.longest {
        out.push(say("plan-sure", &[("months", plan.longest_sure.unwrap_or(0).to_string())]));
    }
    out
}
