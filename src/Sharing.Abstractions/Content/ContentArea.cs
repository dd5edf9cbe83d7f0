namespace Sharing;

/// <summary>The two byte areas that a store keeps for each content.</summary>
public enum ContentArea
{
    /// <summary>The bytes themselves.</summary>
    Data,

    /// <summary>The group hashes that prove them: 32 bytes for each group of 64 KiB, in order.</summary>
    Groups,
}
