//! What the page of C++ shows, as it stands there.

use std::fs;

use ecgrid_c_tests::compile::quietly;
use ecgrid_c_tests::context::Context;
use ecgrid_c_tests::parallel;
use ecgrid_c_tests::report::Report;

use super::{COMPILERS, command};

/// What the pieces are about; a name in one of them hides that here.
const AROUND: &str = "
#include <ecgrid.hpp>
#include <iostream>
#include <thread>

void use(std::string_view header);
int report(const ecgrid::Error &error);
int get(const std::string &url, std::string_view header, std::string_view value);
int piece(std::string_view login, std::string_view password, ecgrid::Config &config, const ecgrid::Client &client, const ecgrid::Session &session);
int piece(std::string_view login, std::string_view password, ecgrid::Config &config, const ecgrid::Client &client, const ecgrid::Session &session)
{
    (void)login, (void)password, (void)config, (void)client, (void)session;
    {
";

pub fn run(context: &Context) -> Report {
    Report::of(|report| {
        let page = context.project("bindings/cpp/README.md");
        let text = fs::read_to_string(&page).map_err(|error| format!("{}: {error}", page.display()))?;
        let blocks: Vec<&str> =
            text.split("\n```cpp\n").skip(1).filter_map(|rest| rest.split("\n```").next()).collect();
        report.check(blocks.len() >= 6, format!("the page of C++ has {} blocks", blocks.len()));
        let jobs: Vec<_> =
            COMPILERS.iter().flat_map(|compiler| blocks.iter().map(move |block| (compiler, block))).collect();
        report.add(parallel::each(&jobs, |(compiler, block)| {
            Report::of(|report| check(context, compiler, block, report))
        }));
        Ok(())
    })
}

fn check(context: &Context, compiler: &str, block: &str, report: &mut Report) -> Result<(), String> {
    let code = if block.starts_with("#include") {
        format!("{block}\n")
    } else {
        format!("{AROUND}{block}\n    }}\n    return 0;\n}}\n")
    };
    let source = context.new_file("page".as_ref()).with_extension("cpp");
    fs::write(&source, code).map_err(|error| error.to_string())?;
    let standard = if block.contains("jthread") { "-std=c++20" } else { "-std=c++17" };
    let flags = [standard, "-Wno-shadow", "-Wno-unused", "-fsyntax-only"];
    let compiled = quietly(command(context, &context.stage, compiler, &flags)?.arg(&source));
    report.check(
        compiled.is_ok(),
        format!("{compiler}: a block of the page:\n{block}\n{}", compiled.err().unwrap_or_default()),
    );
    Ok(())
}
