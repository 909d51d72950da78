using System;
using System.Collections.Generic;

namespace Ecgrid.Calls
{
    /// <summary>The sessions of a client, for its cancel. It does not keep them alive.</summary>
    internal sealed class Dependents
    {
        private readonly List<WeakReference<ICancellable>> _all = new List<WeakReference<ICancellable>>();
        private int _pruneAt = 16;

        public void Add(ICancellable dependent)
        {
            lock (_all)
            {
                if (_all.Count >= _pruneAt)
                {
                    ICancellable alive;
                    _all.RemoveAll(reference => !reference.TryGetTarget(out alive));
                    _pruneAt = Math.Max(16, _all.Count * 2);
                }
                _all.Add(new WeakReference<ICancellable>(dependent));
            }
        }

        public void Cancel()
        {
            WeakReference<ICancellable>[] all;
            lock (_all) all = _all.ToArray();
            foreach (var reference in all)
            {
                ICancellable dependent;
                if (reference.TryGetTarget(out dependent)) dependent.Cancel();
            }
        }
    }
}
