namespace Sharing.Apps;

/// <summary>A device in the form in which it is compared. Made by <see cref="PackageMatcher.Prepare(DeviceProfile)"/>; immutable.</summary>
public sealed class PreparedDevice
{
    /// <summary>What stands for "it has none of that".</summary>
    internal const int Lacking = int.MinValue;

    readonly Vocabulary _vocabulary;

    internal PreparedDevice(DeviceProfile profile, Vocabulary vocabulary)
    {
        (Profile, _vocabulary) = (profile, vocabulary);
        var known = vocabulary.Count;
        (Features, AbiRanks, Textures) = (new int[known], new int[known], new bool[known]);
        Array.Fill(Features, Lacking);
        Array.Fill(AbiRanks, int.MaxValue);
        foreach (var (name, version) in profile.Features ?? new Dictionary<string, int>())
        {
            if (Number(name) is { } number)
            {
                Features[number] = version;
            }
        }

        for (var rank = profile.Abis.Count - 1; rank >= 0; rank--)
        {
            if (Number(profile.Abis[rank]) is { } number)
            {
                AbiRanks[number] = rank;
            }
        }

        foreach (var texture in profile.Textures ?? [])
        {
            if (Number(texture) is { } number)
            {
                Textures[number] = true;
            }
        }

        Screen = profile is { Width: > 0, Height: > 0 } ? ScreenShape.Of(profile) : null;

        int? Number(string name) => vocabulary.Find(name) is { } number && number < known ? number : null;
    }

    /// <summary>The device.</summary>
    public DeviceProfile Profile { get; }

    /// <summary>Its version of each feature, by number.</summary>
    internal int[] Features { get; }

    /// <summary>How much it likes each processor's code, by number; 0 is best.</summary>
    internal int[] AbiRanks { get; }

    internal bool[] Textures { get; }

    internal ScreenShape? Screen { get; }

    /// <summary>Itself, or anew if names have come that it was not asked about.</summary>
    internal PreparedDevice UpToDate() => Features.Length == _vocabulary.Count ? this : new(Profile, _vocabulary);
}
