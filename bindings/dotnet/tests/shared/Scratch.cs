using System;
using System.IO;

/// <summary>A folder that goes with its object.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "ecgrid-net-" + Guid.NewGuid().ToString("N"));

    public Scratch()
    {
        Directory.CreateDirectory(_path);
    }

    /// <summary>The path of what is in it.</summary>
    public string this[string name]
    {
        get { return Path.Combine(_path, name); }
    }

    /// <summary>Makes a folder in it.</summary>
    public string Folder(string name)
    {
        return Directory.CreateDirectory(this[name]).FullName;
    }

    public void Dispose()
    {
        Directory.Delete(_path, true);
    }
}
