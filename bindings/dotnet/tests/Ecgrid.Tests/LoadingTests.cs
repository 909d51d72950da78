using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using Ecgrid;

/// <summary>How the native library is found. Each test starts this program again, for a process that has not loaded it.</summary>
internal static class LoadingTests
{
    public const string ChildMode = "--load";
    public const string PropertyMode = "--load-by-property";
    private const string File = "libecgrid.so";

    internal static int Child(string property)
    {
        AppDomain.CurrentDomain.SetData("ecgrid.library.path", property);
        return Child();
    }

    internal static int Child()
    {
        try
        {
            Console.WriteLine("version " + EcgridLibrary.Version);
            // What the library is loaded for the first time, all later imports come from.
            Directory.SetCurrentDirectory(Path.GetTempPath());
            new EcgridClient(new EcgridOptions { BaseUrl = "http://127.0.0.1:1" }).Dispose();
            Console.WriteLine("used");
            return 0;
        }
        catch (EcgridLibraryException error)
        {
            var inner = error.InnerException == null ? "none" : error.InnerException.GetType().Name;
            Console.WriteLine(inner + ": " + error.Message.Replace('\n', ' '));
            return 1;
        }
    }

    public static void the_path_may_name_the_file()
    {
        Loads(Load(Native()));
    }

    public static void the_path_may_name_the_folder()
    {
        Loads(Load(Path.GetDirectoryName(Native())));
    }

    public static void the_programs_own_property_may_name_it_and_comes_before_the_variable()
    {
        Loads(Load("/nonexistent/ecgrid", null, null, PropertyMode + " \"" + Native() + "\""));
        Check.Has(Load(Native(), null, null, PropertyMode + " /nonexistent/property"), "it is /nonexistent/property");
    }

    public static void a_relative_path_means_the_same_file_after_the_current_folder_has_changed()
    {
        var native = Native();
        Loads(Load(Path.GetFileName(native), null, Path.GetDirectoryName(native)));
    }

    public static void a_relative_path_that_leads_nowhere_is_no_reason_to_look_elsewhere_either()
    {
        using (var folder = new Folder())
        {
            folder.Copy(Native(), File);
            Check.Has(Load("no/such/file.so", folder.Program()), "no/such/file.so");
        }
    }

    public static void a_path_that_leads_nowhere_is_an_error_that_says_what_to_do_and_not_a_reason_to_look_elsewhere()
    {
        using (var folder = new Folder())
        {
            folder.Copy(Native(), File);
            var said = Load("/nonexistent/ecgrid", folder.Program());
            Check.Has(said, "DllNotFoundException: ");
            foreach (var part in new[] { "was not found", "/nonexistent/ecgrid", "ECGRID_LIBRARY_PATH", Rid, File })
            {
                Check.Has(said, part);
            }
        }
    }

    public static void a_file_that_is_no_library_is_an_error_that_says_what_to_do()
    {
        using (var folder = new Folder())
        {
            var file = folder.Write("not-a-library.so", "this is text");
            var said = Load(file);
            Check.Has(said, "ECGRID_LIBRARY_PATH");
            Check.Has(said, file);
        }
    }

    public static void another_library_of_that_name_is_told()
    {
        using (var folder = new Folder())
        {
            var said = Load(folder.Compile("int something_else(void) { return 1; }"));
            Check.Has(said, "EntryPointNotFoundException: ");
            Check.Has(said, "lacks ecgrid_version_number");
        }
    }

    public static void a_library_of_another_version_is_refused_with_both_versions()
    {
        foreach (var version in new[] { "0x000200", "0x010100" })
        {
            using (var folder = new Folder())
            {
                var said = Load(folder.Compile(
                    "unsigned ecgrid_version_number(void) { return " + version + "; }" +
                    "const char *ecgrid_version(void) { return \"7.8.9\"; }"));
                Check.Has(said, "none: ");
                Check.Has(said, "has version 7.8.9");
                Check.Has(said, "needs 0.1.0");
            }
        }
    }

    public static void a_later_patch_will_do()
    {
        using (var folder = new Folder())
        {
            var said = Load(folder.Compile(
                "unsigned ecgrid_version_number(void) { return 0x000103; }" +
                "const char *ecgrid_version(void) { return \"0.1.3\"; }"));
            Check.Has(said, "version 0.1.3");
        }
    }

    public static void without_a_path_it_is_found_beside_the_assembly()
    {
        using (var folder = new Folder())
        {
            folder.Copy(Native(), File);
            Loads(Load(null, folder.Program()));
        }
    }

    public static void without_a_path_it_is_found_in_the_runtimes_beside_the_assembly()
    {
        using (var folder = new Folder())
        {
            folder.Copy(Native(), Path.Combine("runtimes", Rid, "native", File));
            Loads(Load(null, folder.Program()));
        }
    }

    public static void without_a_path_it_is_found_in_an_unpacked_package()
    {
        using (var folder = new Folder())
        {
            folder.Copy(Native(), Path.Combine("runtimes", Rid, "native", File));
            folder.Write("Ecgrid.nuspec", "");
            Loads(Load(null, folder.Program(Path.Combine("lib", "any"))));
        }
    }

    public static void it_is_not_taken_from_two_folders_up_of_what_is_no_package()
    {
        using (var folder = new Folder())
        {
            folder.Copy(Native(), Path.Combine("runtimes", Rid, "native", File));
            Check.Has(Load(null, folder.Program(Path.Combine("bin", "any"))), "DllNotFoundException: ");
        }
    }

    public static void without_any_library_the_error_names_the_places()
    {
        using (var folder = new Folder())
        {
            var said = Load(null, folder.Program());
            Check.Has(said, "DllNotFoundException: ");
            Check.Has(said, Path.Combine("runtimes", Rid, "native", File));
            Check.Has(said, "neither is set");
        }
    }

    private static string Rid
    {
        get { return "linux-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(); }
    }

    internal static string Native()
    {
        var named = Sandbox.Variable("ECGRID_LIBRARY_PATH");
        return Directory.Exists(named) ? Path.Combine(named, File) : named;
    }

    private static void Loads(string said)
    {
        Check.Has(said, "version 0.");
        Check.Has(said, "used");
    }

    /// <summary>What a new process of this program says, with the same runtime.</summary>
    internal static string Load(string path, string program = null, string current = null, string mode = ChildMode)
    {
        program = program ?? typeof(LoadingTests).Assembly.Location;
        string runtime;
        using (var self = Process.GetCurrentProcess()) runtime = self.MainModule.FileName;
        return Run(runtime, "\"" + program + "\" " + mode, path, current);
    }

    private static string Run(string program, string arguments, string path, string current = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = current ?? "",
        };
        start.EnvironmentVariables.Remove("ECGRID_LIBRARY_PATH");
        start.EnvironmentVariables.Remove("LD_LIBRARY_PATH");
        if (path != null) start.EnvironmentVariables["ECGRID_LIBRARY_PATH"] = path;
        using (var process = Process.Start(start))
        {
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return said;
        }
    }

    /// <summary>A folder that is gone afterwards.</summary>
    internal sealed class Folder : IDisposable
    {
        private readonly string _path = Path.Combine(Path.GetTempPath(), "ecgrid-" + Guid.NewGuid().ToString("N"));

        public Folder()
        {
            Directory.CreateDirectory(_path);
        }

        public void Copy(string file, string name)
        {
            var target = Path.Combine(_path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(target));
            System.IO.File.Copy(file, target);
        }

        public string Write(string name, string text)
        {
            var file = Path.Combine(_path, name);
            System.IO.File.WriteAllText(file, text);
            return file;
        }

        /// <summary>Copies this program here.</summary>
        public string Program(string name = "")
        {
            var here = Path.GetDirectoryName(typeof(LoadingTests).Assembly.Location);
            foreach (var file in Directory.GetFiles(here))
            {
                var kind = Path.GetExtension(file);
                if (kind == ".exe" || kind == ".dll" || kind == ".json") Copy(file, Path.Combine(name, Path.GetFileName(file)));
            }
            return Path.Combine(_path, name, Path.GetFileName(typeof(LoadingTests).Assembly.Location));
        }

        /// <summary>A library of this source, in front of another if that is named: what it lacks comes from there.</summary>
        public string Compile(string source, string behind = null)
        {
            var library = Path.Combine(_path, File);
            var more = behind == null ? "" : " -Wl,--no-as-needed \"" + behind + "\" \"-Wl,-rpath," + Path.GetDirectoryName(behind) + "\"";
            Run("cc", "-shared -fPIC -o \"" + library + "\" \"" + Write("source.c", source) + "\"" + more, null);
            Check.That(System.IO.File.Exists(library), "the tests need a C compiler, cc");
            return library;
        }

        public void Dispose()
        {
            Directory.Delete(_path, true);
        }
    }
}
