using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;

/// <summary>A step of the table: its words, and those after =&gt;.</summary>
internal sealed class Step
{
    public Step(List<string> words, List<string> expected)
    {
        Words = words;
        Expected = expected;
    }

    public List<string> Words { get; }

    public List<string> Expected { get; }

    public string Verb
    {
        get { return Words[0]; }
    }

    /// <summary>The step without its first word, which says how to make it.</summary>
    public Step Rest()
    {
        return new Step(Words.GetRange(1, Words.Count - 1), Expected);
    }
}

/// <summary>A case of the table.</summary>
internal sealed class Case
{
    public Case(string name)
    {
        Name = name;
    }

    public string Name { get; }

    public List<Step> Steps { get; } = new List<Step>();
}

/// <summary>Reads the table. bindings/conformance/README.md explains its form.</summary>
internal static class Table
{
    public static List<Case> Read(string path, string apiKey)
    {
        var cases = new List<Case>();
        foreach (var line in File.ReadAllLines(path, Encoding.UTF8))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.StartsWith("case ", StringComparison.Ordinal)) cases.Add(new Case(line.Substring(5)));
            else cases[cases.Count - 1].Steps.Add(StepOf(line, apiKey));
        }
        return cases;
    }

    private static Step StepOf(string line, string apiKey)
    {
        var words = new List<string>();
        var expected = new List<string>();
        var into = words;
        foreach (var word in line.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries))
        {
            if (word == "=>") into = expected;
            else into.Add(TextOf(word.Replace("{api-key}", apiKey)));
        }
        if (expected.Count == 0) expected.Add("OK");
        return new Step(words, expected);
    }

    private static string TextOf(string word)
    {
        if (word == "%") return "";
        word = Regex.Replace(word, @"\{(.)\*(\d+)\}", many =>
            new string(many.Groups[1].Value[0], int.Parse(many.Groups[2].Value, CultureInfo.InvariantCulture)));
        // Percent signs stand for bytes of UTF-8, so a run of them is taken together.
        return Regex.Replace(word, "(%[0-9A-Fa-f]{2})+", run =>
        {
            var bytes = new byte[run.Length / 3];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = Convert.ToByte(run.Value.Substring(i * 3 + 1, 2), 16);
            return Encoding.UTF8.GetString(bytes);
        });
    }
}
