namespace Sharing;

/// <summary>Who signed a package, as devices from some API level on see it.</summary>
public sealed record PackageSigner
{
    /// <summary>The lowest API level that checks this signature.</summary>
    public required int FromSdk { get; init; }

    /// <summary>SHA-256 of each certificate (DER) that signed, lower-case hex, in order. More than one: several signers at once.</summary>
    public required IReadOnlyList<string> Certificates { get; init; }

    /// <summary>SHA-256 of the certificates that this one took over from, oldest first, as its proof of rotation says; empty: none.</summary>
    public IReadOnlyList<string> Earlier { get; init => field = value ?? []; } = [];

    /// <summary>The scheme: 1, 2 or 3 (APK signature schemes).</summary>
    public int Scheme { get; init; }
}
