namespace Sharing.S3;

/// <summary>Which objects are being read in this process: what is deleted meanwhile stays until they have been closed. Thread-safe.</summary>
sealed class OpenObjects
{
    readonly Lock _lock = new();
    readonly Dictionary<ContentId, HashSet<Reading>> _readings = [];

    /// <summary>Somebody is about to look for a content's object: enter before the record is read.</summary>
    public Reading Enter(ContentId id)
    {
        var reading = new Reading(this, id);
        lock (_lock)
        {
            if (!_readings.TryGetValue(id, out var readings))
            {
                _readings[id] = readings = [];
            }

            readings.Add(reading);
        }

        return reading;
    }

    /// <summary>Runs a deletion as soon as nobody reads the object; called when its record is gone. Who enters from now on does not find it.</summary>
    public ValueTask WhenFreeAsync(ContentId id, string name, Func<ValueTask> delete)
    {
        lock (_lock)
        {
            if (_readings.TryGetValue(id, out var readings))
            {
                var blocking = readings.Where(reading => reading.Name is null || reading.Name == name).ToList();
                if (blocking.Count > 0)
                {
                    var doomed = new Doomed(name, delete) { Readers = blocking.Count };
                    blocking.ForEach(reading => reading.Holds.Add(doomed));
                    return default;
                }
            }
        }

        return delete();
    }

    /// <summary>Whether somebody reads an object.</summary>
    public bool IsRead(ObjectName made)
    {
        lock (_lock)
        {
            return _readings.TryGetValue(made.Id, out var readings) && readings.Any(reading => reading.Name == made.Name);
        }
    }

    static List<Doomed> Release(Reading reading, Predicate<Doomed> which)
    {
        var held = reading.Holds.FindAll(which);
        reading.Holds.RemoveAll(which);
        return held.FindAll(static doomed => --doomed.Readers == 0);
    }

    static async ValueTask RunAsync(List<Doomed> free)
    {
        foreach (var doomed in free)
        {
            await doomed.Delete();
        }
    }

    /// <summary>An object that is to go.</summary>
    internal sealed record Doomed(string Name, Func<ValueTask> Delete)
    {
        public int Readers { get; set; }
    }

    /// <summary>Somebody who looks for an object, or reads it, until it is disposed.</summary>
    internal sealed class Reading(OpenObjects all, ContentId id) : IAsyncDisposable
    {
        bool _left;

        public string? Name { get; private set; }

        public List<Doomed> Holds { get; } = [];

        /// <summary>This is the one. Others of the same content are not held any longer.</summary>
        public ValueTask FoundAsync(string name)
        {
            List<Doomed> free;
            lock (all._lock)
            {
                Name = name;
                free = Release(this, doomed => doomed.Name != name);
            }

            return RunAsync(free);
        }

        public ValueTask DisposeAsync()
        {
            List<Doomed> free;
            lock (all._lock)
            {
                if (_left)
                {
                    return default;
                }

                _left = true;
                var readings = all._readings[id];
                readings.Remove(this);
                if (readings.Count == 0)
                {
                    all._readings.Remove(id);
                }

                free = Release(this, static _ => true);
            }

            return RunAsync(free);
        }
    }
}
