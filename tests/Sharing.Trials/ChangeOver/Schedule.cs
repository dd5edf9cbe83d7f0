using System.Globalization;
using System.Text.Json.Nodes;
using Sharing.Trials.Scripted;

namespace Sharing.Trials.ChangeOver;

/// <summary>What happens in one trial, drawn from its seed.</summary>
sealed class Schedule
{
    const int Longest = 24 * 1024 * 1024;

    /// <param name="random">Its chance.</param>
    /// <param name="longest">The longest content.</param>
    /// <param name="lying">Whether the origin is behind a wire on which it lies.</param>
    public Schedule(Random random, int longest = Longest, bool lying = false)
    {
        GroupsPerChunk = 1 << random.Next(6);
        var length = Length(random, longest);
        Versions.Add(Samples.Random(random.Next(), length));
        while (Versions.Count < 4 && random.Next(3) == 0)
        {
            Versions.Add(Next(random, Versions[^1], longest));
        }

        HasValidator = random.Next(3) != 0;
        Lies = HasValidator && Versions.Count > 1 && random.Next(6) == 0;
        TellsLength = random.Next(4) != 0;
        KnowsRanges = random.Next(5) != 0;
        KnowsIfRange = random.Next(4) != 0;
        Slow = random.Next(4) == 0;
        Piece = random.Next(3) == 0 ? random.Next(1, 5000) + (length / 2000) : random.Next(5000, 200_000);
        Changes = new(Versions.Skip(1).Select(_ => random.NextInt64(length + 1L)).Order());
        Resets = [.. Enumerable.Range(0, random.Next(3) == 0 ? random.Next(HasValidator ? 12 : 4) : random.Next(2)).Select(_ => random.NextInt64(length + 1L))];
        LandsAt = random.Next(4) == 0 ? null : Moment(random, length);
        StallsAtLanding = random.Next(2) == 0;
        Stored = Versions[random.Next(Versions.Count)];
        LibraryResets = random.Next(4) == 0 ? random.Next(1, 4) : 0;
        Stops = [.. Enumerable.Range(0, random.Next(2) == 0 ? 0 : random.Next(1, 4)).Select(_ => (random.Next(2) == 0, Steps(random, length)))];
        ChunkSize = GroupsPerChunk * Samples.Group;
        BufferSize = random.Next(2) == 0 ? random.Next(1, 3000) + (length / 2000) : random.Next(3000, 200_000);
        StoresSeed = random.Next();
        if (lying)
        {
            Wire = new WireSchedule(random, Next(random, Versions[random.Next(Versions.Count)], longest));
            (HasValidator, Lies) = (HasValidator && Wire.Tags != WireTags.Weak, Lies && Wire.Tags != WireTags.Weak);
        }
    }

    public int GroupsPerChunk { get; }

    public int ChunkSize { get; }

    /// <summary>What the origin has, one after the other.</summary>
    public List<byte[]> Versions { get; } = [];

    public bool HasValidator { get; }

    /// <summary>The origin keeps its validator although its bytes change.</summary>
    public bool Lies { get; }

    public bool TellsLength { get; }

    public bool KnowsRanges { get; }

    public bool KnowsIfRange { get; }

    public bool Slow { get; }

    public int Piece { get; }

    /// <summary>After how many bytes delivered in all the origin gets its next version; it breaks off then.</summary>
    public Queue<long> Changes { get; }

    /// <summary>At which bytes it breaks off, once each.</summary>
    public List<long> Resets { get; }

    /// <summary>After how many bytes delivered by the origin the library has it; <c>null</c>: never.</summary>
    public long? LandsAt { get; }

    /// <summary>The origin delivers no more after the landing, so that the change-over is certain.</summary>
    public bool StallsAtLanding { get; }

    public byte[] Stored { get; }

    public int LibraryResets { get; }

    /// <summary>How the process ends before it is started again: by a power cut or in order, after so many steps of its stores.</summary>
    public IReadOnlyList<(bool PowerCut, int Steps)> Stops { get; }

    /// <summary>A plain client's.</summary>
    public int BufferSize { get; }

    /// <summary>The chance of a terminal's stores.</summary>
    public int StoresSeed { get; }

    /// <summary>What happens between the origin and who asks it; <c>null</c>: it is asked without HTTP.</summary>
    public WireSchedule? Wire { get; }

    /// <summary>Whether bytes of two versions may be taken for one: nothing that is said, and no library, tells them apart.</summary>
    public bool CannotTell => Lies || (Wire?.Has(Lie.OtherTotal) == true && !TellsLength) || (Wire?.Has(Lie.NoVersion) == true && Wire.Tags == WireTags.Dates);

    /// <summary>Whether bytes are one of the versions that there are.</summary>
    public bool IsVersion(Func<byte[], bool> holds) => Versions.Exists(v => holds(v)) || (Wire is { LeadsElsewhere: true } wire && holds(wire.Elsewhere));

    public ScriptedOrigin NewOrigin() => new(Versions[0], Validator(0))
    {
        TellsLength = TellsLength, KnowsRanges = KnowsRanges, KnowsIfRange = KnowsIfRange, Piece = Piece,
    };

    public string? Validator(int version) => (Wire?.Tags, Lies) switch
    {
        (WireTags.Weak, _) => $"W/\"{version}\"",
        _ when !HasValidator => null,
        (WireTags.Dates, var same) => new DateTimeOffset(2025, 1, 1, same ? 0 : version, 0, 0, TimeSpan.Zero).ToString("r", CultureInfo.InvariantCulture),
        (_, true) => "\"same\"",
        _ => $"\"{version}\"",
    };

    /// <summary>What is worth keeping: a line holds what differs from the plainest schedule.</summary>
    public JsonObject Facts()
    {
        var facts = new JsonObject { ["length"] = Versions[0].Length, ["chunk"] = ChunkSize };
        Keep("versions", Versions.Count, Versions.Count > 1);
        Keep("stored", Versions.IndexOf(Stored), Versions.Count > 1);
        Keep("validator", true, HasValidator);
        Keep("lies", true, Lies);
        Keep("landsAt", LandsAt, LandsAt is not null);
        Keep("stalls", true, StallsAtLanding);
        Keep("resets", Resets.Count, Resets.Count > 0);
        Keep("stops", Stops.Count, Stops.Count > 0);
        Keep("tags", Wire?.Tags.ToString(), Wire is not null);
        Keep("told", Wire?.ToString(), Wire is { IsHonest: false });
        return facts;

        void Keep(string name, JsonNode? value, bool matters)
        {
            if (matters)
            {
                facts[name] = value;
            }
        }
    }

    static int Length(Random random, int longest)
    {
        int[] boundaries = [1, 1023, 1024, 1025, Samples.Group - 1, Samples.Group, Samples.Group + 1];
        return random.Next(5) switch
        {
            0 => boundaries[random.Next(boundaries.Length)],
            1 => Math.Clamp((random.Next(1, 1 + (longest / Samples.Group)) * Samples.Group) + random.Next(-1, 2), 1, longest),
            2 => random.Next(1, longest + 1),
            _ => (int)Math.Clamp(Math.Exp(random.NextDouble() * Math.Log(longest)), 1, longest),
        };
    }

    static byte[] Next(Random random, byte[] before, int longest)
    {
        var groups = (before.Length + Samples.Group - 1) / Samples.Group;
        var next = Samples.Changed(before, [.. Enumerable.Range(0, random.Next(1, Math.Min(6, groups) + 1)).Select(_ => random.Next(groups))]);
        return random.Next(4) switch
        {
            0 => next[..Math.Max(1, random.Next(next.Length + 1))],
            1 => [.. next, .. Samples.Random(random.Next(), random.Next(1, Math.Max(2, Math.Min(3 * Samples.Group, longest - next.Length))))],
            _ => next,
        };
    }

    long Moment(Random random, int length) => random.Next(3) switch
    {
        0 => random.NextInt64(length + 1L),
        1 => Math.Min(length, random.Next(1 + (length / (GroupsPerChunk * Samples.Group))) * (long)GroupsPerChunk * Samples.Group),
        _ => Math.Min(length, (random.Next(1 + (length / Samples.Group)) * (long)Samples.Group) + random.Next(2)),
    };

    /// <summary>Two writes for each group, and some more steps.</summary>
    static int Steps(Random random, int length) => random.Next(20 + (3 * length / Samples.Group));
}
