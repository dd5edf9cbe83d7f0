using System.Collections;

namespace Sharing.P2P;

/// <summary>Members as JSON, which is what most who ask want; read back where somebody looks at them.</summary>
sealed class MemberSample(ReadOnlyMemory<byte> json, IReadOnlyList<DeviceName> devices) : IReadOnlyList<SwarmMember>
{
    SwarmMember[]? _members;

    public ReadOnlyMemory<byte> Json => json;

    /// <summary>Who they are.</summary>
    public IReadOnlyList<DeviceName> Devices => devices;

    public int Count => devices.Count;

    SwarmMember[] Members => _members ??= System.Text.Json.JsonSerializer.Deserialize(json.Span, P2PJson.Default.SwarmMemberArray)!;

    public SwarmMember this[int index] => Members[index];

    public IEnumerator<SwarmMember> GetEnumerator() => ((IEnumerable<SwarmMember>)Members).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
