namespace Ecgrid.Calls
{
    /// <summary>What ends with the client that it was made from.</summary>
    internal interface ICancellable
    {
        void Cancel();
    }
}
