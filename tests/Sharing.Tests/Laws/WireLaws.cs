using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Sharing.Tests.Laws;

/// <summary>Messages and records as others write them: older versions of ours, clients in other languages.</summary>
public sealed class WireLaws
{
    public static TheoryData<string> Contexts => [.. from assembly in Repository.Packages from type in assembly.GetTypes() where type.IsSubclassOf(typeof(JsonSerializerContext)) select type.FullName!];

    [Theory]
    [MemberData(nameof(Contexts))]
    public void What_is_left_out_is_as_the_type_says(string name)
    {
        var type = Repository.Packages.Select(assembly => assembly.GetType(name)).First(static found => found is not null)!;
        var context = (JsonSerializerContext)type.GetProperty("Default", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(null)!;
        var wrong = new List<string>();
        foreach (var message in MessagesOf(context))
        {
            if (Array.Find(message.Type.GetConstructors(), static constructor => constructor.GetParameters().All(static parameter => parameter.HasDefaultValue)) is not { } constructor)
            {
                continue; // what it must be constructed from is required
            }

            var fresh = constructor.Invoke([.. constructor.GetParameters().Select(static parameter => parameter.DefaultValue)]);
            var read = Sample(context, message).Deserialize(message)!;
            wrong.AddRange(
                from property in message.Properties
                where !property.IsRequired && property.Get is not null && property.Set is not null
                let expected = property.Get!(fresh)
                let found = property.Get!(read)
                where !Alike(expected, found)
                select $"{message.Type.Name}.{property.Name}: {expected ?? "null"} became {found ?? "null"}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    static bool Alike(object? one, object? other) => (one, other) is (IEnumerable a and not string, IEnumerable b) ? a.Cast<object?>().SequenceEqual(b.Cast<object?>()) : Equals(one, other);

    static IReadOnlyCollection<JsonTypeInfo> MessagesOf(JsonSerializerContext context)
    {
        var found = new Dictionary<Type, JsonTypeInfo>();
        void Add(Type type)
        {
            if (!found.ContainsKey(type) && context.GetTypeInfo(type) is { } info)
            {
                found[type] = info;
                foreach (var part in info.Properties.Select(static property => property.PropertyType).Append(info.ElementType).OfType<Type>())
                {
                    Add(part);
                }
            }
        }

        foreach (var attribute in context.GetType().GetCustomAttributesData().Where(static attribute => attribute.AttributeType == typeof(JsonSerializableAttribute)))
        {
            Add((Type)attribute.ConstructorArguments[0].Value!);
        }

        return [.. found.Values.Where(static info => info.Kind == JsonTypeInfoKind.Object)];
    }

    /// <summary>A message with what it must have, and nothing else.</summary>
    static JsonObject Sample(JsonSerializerContext context, JsonTypeInfo message)
    {
        var sample = new JsonObject();
        foreach (var property in message.Properties.Where(static property => property.IsRequired))
        {
            sample[property.Name] = ValueOf(context, property.PropertyType);
        }

        return sample;
    }

    static JsonNode? ValueOf(JsonSerializerContext context, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) ? "x"
            : type == typeof(Uri) ? "https://example.org/"
            : type == typeof(DateTimeOffset) ? "2026-01-01T00:00:00Z"
            : type == typeof(TimeSpan) ? "00:00:01"
            : type == typeof(bool) ? false
            : type == typeof(Audience) ? new JsonObject { ["kind"] = "friends" }
            : type.IsEnum ? JsonNamingPolicy.CamelCase.ConvertName(Enum.GetNames(type)[0])
            : type.IsPrimitive ? 1
            : type == typeof(byte[]) ? ""
            : type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)) ? new JsonArray()
            : context.GetTypeInfo(type) is var info && info is { Kind: JsonTypeInfoKind.None } ? Id(info)
            : Sample(context, info ?? throw new InvalidOperationException($"{type} is not known."));
    }

    /// <summary>Ids are so many hex digits, numbers, or some text.</summary>
    static JsonNode Id(JsonTypeInfo id)
    {
        foreach (var text in new[] { "1", new string('a', 32), new string('a', 64) })
        {
            try
            {
                JsonSerializer.Deserialize($"\"{text}\"", id);
                return text;
            }
            catch (Exception e) when (e is JsonException or FormatException)
            {
                // Another kind of id.
            }
        }

        throw new InvalidOperationException($"What is a {id.Type}?");
    }
}
