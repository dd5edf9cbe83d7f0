using Sharing.Trials.Scripted;

namespace Sharing.Trials.ChangeOver;

/// <summary>The lies that an origin tells in one trial, drawn from its seed.</summary>
sealed class WireSchedule
{
    /// <summary>How many of the first requests may be lied to, one by one.</summary>
    const int Requests = 12;

    static readonly Lie[] Lies = [.. Enum.GetValues<Lie>().Skip(1)];

    readonly Dictionary<int, Lie> _once = [];
    readonly int _forEverFrom;
    readonly Lie _forEver;

    public WireSchedule(Random random, byte[] elsewhere)
    {
        Elsewhere = elsewhere;
        Tags = (WireTags)Math.Max(0, random.Next(-2, 3));
        LastChange = Tags == WireTags.Weak || (Tags == WireTags.Strong && random.Next(3) == 0) ? new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero) : null;
        for (var left = random.Next(7); left > 0; left--)
        {
            _once[Math.Min(random.Next(Requests), random.Next(Requests))] = Lies[random.Next(Lies.Length)];
        }

        (_forEverFrom, _forEver) = (random.Next(4), random.Next(3) == 0 ? Lies[random.Next(Lies.Length)] : Lie.None);
    }

    public WireTags Tags { get; }

    /// <summary>A date of last change beside the entity tags, the same for all versions.</summary>
    public DateTimeOffset? LastChange { get; }

    /// <summary>What another origin has.</summary>
    public byte[] Elsewhere { get; }

    public bool IsForEver => _forEver != Lie.None;

    public bool IsHonest => _once.Count == 0 && !IsForEver;

    public bool LeadsElsewhere => Has(Lie.SameElsewhere) || Has(Lie.OtherElsewhere) || Has(Lie.NamesakeElsewhere);

    public bool Has(Lie lie) => _forEver == lie || _once.ContainsValue(lie);

    public Lie LieAt(int request) => _once.TryGetValue(request, out var lie) ? lie : request >= _forEverFrom ? _forEver : Lie.None;

    public override string ToString() => string.Join(
        ' ', _once.OrderBy(o => o.Key).Select(o => FormattableString.Invariant($"{o.Key}:{o.Value}")).Concat(IsForEver ? [FormattableString.Invariant($"{_forEverFrom}-:{_forEver}")] : []));
}
