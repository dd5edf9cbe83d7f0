namespace Sharing.Core;

/// <summary>How far a chunk is.</summary>
public enum ChunkState : byte
{
    /// <summary>Nobody was asked for it yet.</summary>
    Missing,

    /// <summary>A source was asked for it, and nothing of it is here.</summary>
    Asked,

    /// <summary>Its beginning is here.</summary>
    Partial,

    /// <summary>It is here, as a whole.</summary>
    Here,
}
