//! What the page of .NET shows, as it stands there.

use std::fs;
use std::path::Path;

use ecgrid_c_tests::compile::quietly;
use ecgrid_c_tests::context::Context;

use super::{FLAVOUR, Runtime, mcs};

const USINGS: [&str; 6] =
    ["System", "System.IO", "System.Net.Http", "System.Threading", "System.Threading.Tasks", "Ecgrid"];

/// What the pieces are about; a name in one of them hides that here. JsonSerializer is one of .NET 8's, which mcs cannot read.
const AROUND: &str = "
internal sealed class Me
{
}

internal static class JsonSerializer
{
    public static T Deserialize<T>(ReadOnlySpan<byte> json)
    {
        throw new NotSupportedException(typeof(T).Name + json.Length);
    }
}

internal static class Page
{
    public static EcgridSession session;
    public static EcgridResponse response;
    public static CancellationToken cancellationToken;

    public static void Store(Stream content)
    {
    }
";

/// Each block is a method of its own, but for those that are types.
pub fn compile(context: &Context, target: &Path, runtime: &Runtime, references: &[&Path]) -> Result<(), String> {
    let page = context.project("bindings/dotnet/README.md");
    let text = fs::read_to_string(&page).map_err(|error| format!("{}: {error}", page.display()))?;
    let mut code: String = USINGS.map(|name| format!("using {name};\n")).concat() + AROUND;
    let mut blocks = 0;
    for block in text.split("\n```csharp\n").skip(1).filter_map(|rest| rest.split("\n```").next()) {
        blocks += 1;
        if runtime.is_mono && block.contains("utf8 => ") {
            continue; // .NET 8 alone has it, as the page says
        }
        let body: String = block.lines().filter(|line| !is_using(line)).map(|line| format!("{line}\n")).collect();
        if body.contains("class ") {
            code += &body;
        } else {
            code += &format!("\n    public static async Task Block{blocks}()\n    {{\n{body}\n    }}\n");
        }
    }
    if blocks < 5 {
        return Err(format!("{}: {blocks} blocks", page.display()));
    }
    let file = target.join("Page.cs");
    fs::write(&file, code + "}\n").map_err(|error| format!("{}: {error}", file.display()))?;
    let mut mcs = mcs(context, &target.join("Page.dll"));
    // Methods that await nothing, names that are not used, and fields that nobody sets.
    mcs.args(["-target:library", "-nowarn:1998,168,219,649"]);
    if !runtime.is_mono {
        mcs.arg(FLAVOUR);
    }
    mcs.args(references.iter().map(|library| format!("-r:{}", library.display()))).arg(&file);
    quietly(&mut mcs).map_err(|error| format!("{}: {error}", page.display()))
}

fn is_using(line: &str) -> bool {
    line.strip_prefix("using ").is_some_and(|rest| !rest.starts_with('('))
}
