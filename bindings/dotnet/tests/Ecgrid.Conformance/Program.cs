using System;

/// <summary>Plays the conformance table, whose path ECGRID_CASES gives, through this binding.</summary>
internal static class Program
{
    private static int Main()
    {
        int passed = 0, failed = 0;
        foreach (var one in Table.Read(Sandbox.Variable("ECGRID_CASES"), Sandbox.Variable("SANDBOX_API_KEY")))
        {
            try
            {
                using (var world = new World())
                {
                    foreach (var step in one.Steps) world.Play(step);
                }
                passed++;
            }
            catch (Exception error)
            {
                failed++;
                Console.WriteLine("FAILED " + one.Name + ": " + (error is CheckFailed ? error.Message : "" + error));
            }
        }
        Console.WriteLine(passed + " passed, " + failed + " failed");
        return failed == 0 ? 0 : 1;
    }
}
