namespace Ecgrid
{
    /// <summary>
    /// From whom and to whom a parcel goes. What is 0 ECGrid reads from the envelope of the content (ISA and GS, UNB), or takes
    /// from the account. A call copies it.
    /// </summary>
    public sealed class EcgridRoute
    {
        /// <summary>The ECGrid ID of the sender; 0 for none.</summary>
        public long From { get; set; }

        /// <summary>The ECGrid ID of the addressee; 0 for none.</summary>
        public long To { get; set; }

        /// <summary>The mailbox whose outbox the parcel is to be in; 0 for the account's own.</summary>
        public long Mailbox { get; set; }

        internal static EcgridRoute Copy(EcgridRoute route)
        {
            return route == null ? new EcgridRoute() : (EcgridRoute)route.MemberwiseClone();
        }
    }
}
