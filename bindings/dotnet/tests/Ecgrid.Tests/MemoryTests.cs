using System;
using Ecgrid;

/// <summary>
/// What there is no memory for is told, and never taken for what is not there. A process of its own has a library in front
/// of the real one that says of every response that memory has run out.
/// </summary>
internal static class MemoryTests
{
    public const string ChildMode = "--memory";

    internal static int Child()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var inbox = session.Call("POST", "/v2/parcels/pending-inbox-list", "{}"))
        {
            // What is there is not asked about.
            Console.WriteLine(inbox.GetString("/0/fileName").Length > 0 ? "a name" : "none");
            Console.WriteLine(inbox.GetInt64("/2/parcelId", -7));
            Console.WriteLine(inbox.Data.Length > 0 && inbox.Body.Length > 0 ? "all of it" : "nothing");
            Say(() => inbox.GetString("/3/parcelId"));
            Say(() => inbox.GetInt64("/3/parcelId", -7));
            session.Logout();
        }
        return 0;
    }

    public static void a_walk_does_not_end_early()
    {
        using (var folder = new LoadingTests.Folder())
        {
            var front = folder.Compile(
                "int ecgrid_response_status(const void *response) { return 17; }", LoadingTests.Native());
            var said = LoadingTests.Load(front, null, null, ChildMode);
            const string Missing = "OutOfMemory, Unknown, HTTP 200: there was no memory to read the answer (HTTP 200): the call"
                + " was done, but not all of the answer can be read\n";
            Check.Equal("a name\n9007199254740993\nall of it\n" + Missing + Missing, said.Replace("\r", ""), "what it says");
        }
    }

    public static void a_list_that_has_an_end_is_walked_to_it()
    {
        using (var client = Sandbox.Client())
        using (var session = client.OpenSession(Sandbox.Login, Sandbox.Password))
        using (var inbox = session.Call("POST", "/v2/parcels/pending-inbox-list", "{}"))
        {
            var row = 0;
            while (inbox.GetString("/" + row + "/parcelId") != "") row++;
            Check.Equal(3, row, "rows");
            Check.Equal(-7L, inbox.GetInt64("/3/parcelId", -7), "/3/parcelId");
            session.Logout();
        }
    }

    private static void Say(Action read)
    {
        try
        {
            read();
            Console.WriteLine("nothing was thrown");
        }
        catch (EcgridException error)
        {
            Console.WriteLine(error.Status + ", " + error.Outcome + ", HTTP " + error.HttpStatus + ": " + error.Message);
        }
    }
}
