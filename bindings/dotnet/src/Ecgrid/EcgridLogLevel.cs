namespace Ecgrid
{
    /// <summary>
    /// How much a client tells of its work: each level tells what those before it do. The numbers are those of the C library's
    /// ECGRID_LOG_*; its docs/log.md has the events of each.
    /// </summary>
    public enum EcgridLogLevel
    {
        /// <summary>Nothing.</summary>
        Off = 0,

        /// <summary>Calls that failed, sessions that are over.</summary>
        Error = 1,

        /// <summary>And refreshes that failed, variables that look misspelt.</summary>
        Warn = 2,

        /// <summary>And each login, refresh and retry.</summary>
        Info = 3,

        /// <summary>And each step: settings, connections, requests and answers.</summary>
        Debug = 4,
    }
}
