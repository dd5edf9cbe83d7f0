using System.Reflection;
using System.Text;

namespace Sharing.Tests.Laws;

public sealed class PublicApi
{
    [Theory]
    [InlineData("Sharing.Abstractions")]
    [InlineData("Sharing.Core")]
    [InlineData("Sharing.PostgreSql")]
    [InlineData("Sharing.S3")]
    [InlineData("Sharing.Sqlite")]
    [InlineData("Sharing.Offline")]
    [InlineData("Sharing.P2P")]
    [InlineData("Sharing.Apps")]
    [InlineData("Sharing.Messaging")]
    [InlineData("Sharing.Social")]
    [InlineData("Sharing.Photos")]
    [InlineData("Sharing.AspNetCore")]
    [InlineData("Sharing.Testing")]
    public void Of_each_package_is_the_text_that_was_approved(string package)
    {
        var assembly = Repository.Packages.Single(a => a.GetName().Name == package);
        Repository.ShouldBeApproved($"docs/api/{package}.txt", Describe(assembly));
    }

    static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(KindOf(type)).Append(' ').Append(NameOf(type)).Append('\n');
            var members = type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(IsVisible).Select(MemberText).Where(m => m.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
            foreach (var member in members)
            {
                text.Append("  ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase m => (m.IsPublic || m.IsFamily) && (!m.IsSpecialName || m.IsConstructor) && !m.Name.Contains('<', StringComparison.Ordinal),
        FieldInfo f => (f.IsPublic || f.IsFamily) && !f.IsSpecialName,
        PropertyInfo p => p.GetAccessors(nonPublic: true).Any(a => a.IsPublic || a.IsFamily) && p.Name != "EqualityContract",
        _ => false,
    };

    static string MemberText(MemberInfo member) => member switch
    {
        ConstructorInfo c when c.IsStatic => "",
        ConstructorInfo c => $"new({Parameters(c)})",
        MethodInfo { Name: "GetHashCode" or "ToString" or "Equals" or "Deconstruct" or "PrintMembers" } => "",
        MethodInfo m => $"{(m.IsStatic ? "static " : "")}{NameOf(m.ReturnType)} {m.Name}{Generics(m)}({Parameters(m)})",
        FieldInfo f => $"{(f.IsLiteral ? "const " : f.IsStatic ? "static " : "")}{NameOf(f.FieldType)} {f.Name}{(f.IsLiteral ? " = " + f.GetRawConstantValue() : "")}",
        PropertyInfo p => $"{NameOf(p.PropertyType)} {p.Name} {{ {(p.CanRead ? "get; " : "")}{(p.SetMethod is { IsPublic: true } ? "set; " : "")}}}",
        _ => "",
    };

    static string KindOf(Type type) => type switch
    {
        { IsInterface: true } => "interface",
        { IsEnum: true } => "enum",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        _ => "class",
    };

    static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    static string Parameters(MethodBase method) => string.Join(
        ", ", method.GetParameters().Select(p => $"{NameOf(p.ParameterType)} {p.Name}{(p.HasDefaultValue ? " = " + (p.RawDefaultValue ?? "default") : "")}"));

    static string NameOf(Type type)
    {
        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return NameOf(inner) + "?";
        }

        if (type.IsArray || type.IsByRef)
        {
            return NameOf(type.GetElementType()!) + (type.IsArray ? "[]" : "&");
        }

        var name = type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true ? type.Name : type.FullName ?? type.Name;
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}
