using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Reflection;
using System.Text.RegularExpressions;
using Ecgrid;

/// <summary>The numbers here are those of include/ecgrid.h, whose path ECGRID_HEADER gives.</summary>
internal static class ConstantTests
{
    public static void every_status_has_the_number_of_the_header_and_there_is_no_other()
    {
        SameAs(typeof(EcgridStatus), @"^#define ECGRID_(?!VERSION|OUTCOME|KIND|LOG)([A-Z_]+) (\d+)$");
    }

    public static void every_outcome_has_the_number_of_the_header_and_there_is_no_other()
    {
        SameAs(typeof(EcgridOutcome), @"^#define ECGRID_OUTCOME_([A-Z_]+) (\d+)$");
    }

    public static void every_kind_has_the_number_of_the_header_and_there_is_no_other()
    {
        SameAs(typeof(EcgridKind), @"^#define ECGRID_KIND_([A-Z_]+) (\d+)$");
    }

    public static void every_log_level_has_the_number_of_the_header_and_there_is_no_other()
    {
        SameAs(typeof(EcgridLogLevel), @"^#define ECGRID_LOG_([A-Z_]+) (\d+)$");
    }

    public static void the_version_that_is_wanted_is_that_of_the_header()
    {
        var number = Regex.Match(Header(), @"^#define ECGRID_VERSION_NUMBER 0x([0-9a-f]+)u$", RegexOptions.Multiline);
        Check.That(number.Success, "the header has no version number");
        var library = typeof(EcgridClient).Assembly.GetType("Ecgrid.Native.Library", true);
        var wanted = library.GetField("Wanted", BindingFlags.Static | BindingFlags.NonPublic).GetRawConstantValue();
        Check.Equal(uint.Parse(number.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture), wanted, "Wanted");
    }

    public static void every_function_of_the_header_is_imported_but_those_a_binding_does_without()
    {
        var imports = typeof(EcgridClient).Assembly.GetType("Ecgrid.Native.NativeMethods", true);
        var names = new HashSet<string>();
        foreach (var method in imports.GetMethods(BindingFlags.Static | BindingFlags.Public)) names.Add(method.Name);
        // Names are for C, and the thread's last error is not for programs whose tasks change threads. A round is
        // ended by the stop of its clone.
        var without = new HashSet<string>
        {
            "ecgrid_last_error", "ecgrid_status_name", "ecgrid_error_status", "ecgrid_inbox_cancel", "ecgrid_outbox_cancel",
        };
        var found = 0;
        foreach (Match function in Regex.Matches(Header(), @"^[a-z].*?\*?(ecgrid_[a-z0-9_]+)\(", RegexOptions.Multiline))
        {
            var name = function.Groups[1].Value;
            found++;
            Check.That(names.Contains(name) != without.Contains(name), name + " is imported: " + names.Contains(name));
        }
        Check.Equal(names.Count + without.Count, found, "the number of functions in the header");
    }

    private static void SameAs(Type type, string definition)
    {
        var ours = new Dictionary<string, int>();
        foreach (var value in Enum.GetValues(type)) ours.Add(value.ToString().ToUpperInvariant(), (int)value);
        var found = 0;
        foreach (Match define in Regex.Matches(Header(), definition, RegexOptions.Multiline))
        {
            found++;
            var name = define.Groups[1].Value.Replace("_", "");
            Check.That(ours.ContainsKey(name), type.Name + " lacks " + name);
            Check.Equal(int.Parse(define.Groups[2].Value, CultureInfo.InvariantCulture), ours[name], name);
        }
        Check.Equal(ours.Count, found, "the number of definitions in the header");
    }

    private static string Header()
    {
        return File.ReadAllText(Sandbox.Variable("ECGRID_HEADER"));
    }
}
