using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

/// <summary>The files of a case, and what has become of them.</summary>
internal static class Files
{
    public static void Write(string path, string content)
    {
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(content));
    }

    public static void Hold(string folder, IEnumerable<string> patterns)
    {
        var names = NamesIn(folder);
        var isSo = names.Count == patterns.Count() && names.Zip(patterns, IsNamed).All(fits => fits);
        Check.That(isSo, folder + " holds something else: " + string.Join(" ", names));
    }

    public static void Read(string pattern, string content)
    {
        var folder = Path.GetDirectoryName(pattern);
        var name = NamesIn(folder).FirstOrDefault(one => IsNamed(one, Path.GetFileName(pattern)));
        Check.That(name != null, "there is no " + pattern);
        var found = File.ReadAllBytes(Path.Combine(folder, name));
        Check.That(found.SequenceEqual(Encoding.UTF8.GetBytes(content)), name + " has another content");
    }

    /// <summary>Those that are not hidden, in the order of their bytes.</summary>
    private static List<string> NamesIn(string folder)
    {
        return Directory.GetFileSystemEntries(folder).Select(Path.GetFileName)
            .Where(name => name[0] != '.').OrderBy(name => name, StringComparer.Ordinal).ToList();
    }

    /// <summary>A star at the beginning stands for a number.</summary>
    private static bool IsNamed(string name, string pattern)
    {
        return pattern[0] == '*' ? Regex.IsMatch(name, "^[0-9]+" + Regex.Escape(pattern.Substring(1)) + "$") : name == pattern;
    }
}
