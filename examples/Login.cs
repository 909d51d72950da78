// Log in to ECGrid and print what came back.
//   mcs Login.cs -r:Ecgrid.Client.dll        (or a project with a PackageReference to Ecgrid)
//   ECGRID_LOGIN=you@example.com ECGRID_PASSWORD=... mono Login.exe        (other users can see a command line)
using System;
using System.Globalization;
using Ecgrid;

internal static class Login
{
    private static string Again(EcgridOutcome outcome)
    {
        if (outcome == EcgridOutcome.NotSent) return "it was never sent: you may send it again";
        if (outcome == EcgridOutcome.Refused) return "ECGrid refused, nothing was done: put it right before you send it again";
        return "it may have been done: find out before you send it again";
    }

    private static int Main()
    {
        string login = Environment.GetEnvironmentVariable("ECGRID_LOGIN"), password = Environment.GetEnvironmentVariable("ECGRID_PASSWORD");
        if (login == null || password == null) { Console.Error.WriteLine("set ECGRID_LOGIN and ECGRID_PASSWORD"); return 2; }
        try
        {
            using (var token = EcgridToken.Login(login, password))
            {
                var at = token.ExpiresAt?.ToString("dddd, dd MMMM yyyy, HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? "unknown";
                Console.WriteLine($"user id: {token.UserId ?? 0}\nexpires: {at}, in {token.ExpiresIn?.TotalSeconds ?? -1} seconds");
                Console.WriteLine($"token:   {token.Value.Substring(0, Math.Min(12, token.Value.Length))}...");
            }
            return 0;
        }
        catch (EcgridLibraryException error) { Console.Error.WriteLine(error.Message); return 1; }
        catch (EcgridException error)
        {
            Console.Error.WriteLine($"error:   {error.Message}\nstatus:  {error.Status}, HTTP {error.HttpStatus}");
            Console.Error.WriteLine($"code:    {(error.Code == "" ? "none" : error.Code)}, trace id {(error.TraceId == "" ? "none" : error.TraceId)}");
            Console.Error.WriteLine($"outcome: {Again(error.Outcome)}");
            return 1;
        }
    }
}
