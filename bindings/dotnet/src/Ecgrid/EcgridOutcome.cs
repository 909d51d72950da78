namespace Ecgrid
{
    /// <summary>
    /// May the caller send it again? "It failed" does not say whether it was done. What the library retries by itself it has
    /// retried already, see <see cref="EcgridOptions.MaxAttempts"/>. Treat a number that is not here like
    /// <see cref="Unknown"/>.
    /// </summary>
    public enum EcgridOutcome
    {
        /// <summary>The request never left: send it again when the cause is mended.</summary>
        NotSent = 0,

        /// <summary>
        /// ECGrid said no and nothing was done (4xx, 429, its own 503, <c>success: false</c>): send it again when it has a
        /// reason to say yes.
        /// </summary>
        Refused = 1,

        /// <summary>
        /// It was sent and may have been done (lost, timed out after sending, a gateway's 503, other 5xx, unreadable answer):
        /// find out before sending it again.
        /// </summary>
        Unknown = 2
    }
}
