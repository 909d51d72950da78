using System;
using Ecgrid.Native;

namespace Ecgrid.Calls
{
    /// <summary>The handle of a call, and what else it needs until its end.</summary>
    internal struct Lease<THandle>
        where THandle : StopHandle
    {
        private readonly bool _isOwn;
        private readonly IDisposable[] _held;

        public Lease(Caller caller, THandle handle, bool isOwn, params IDisposable[] held)
        {
            Caller = caller;
            Handle = handle;
            _isOwn = isOwn;
            _held = held;
        }

        /// <summary>Null for the process-wide client, whose handle the library keeps to itself.</summary>
        public Caller Caller { get; }

        public THandle Handle { get; }

        public void End()
        {
            foreach (var each in _held) each.Dispose();
            if (_isOwn) Handle.Dispose();
            else if (Handle != null) Handle.DangerousRelease();
        }
    }
}
